"""What stands beside the rows of a data set that is given away: a card for people, metadata for programs."""
