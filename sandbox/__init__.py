"""What is not trusted: the jail, in which code of strangers may compute and nothing else."""
