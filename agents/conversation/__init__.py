"""A goal told in several messages: a graph of nodes that is left and taken up again, in another process too."""
