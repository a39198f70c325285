"""Operators that tell of whole data sets, or of rows beside another data set."""
