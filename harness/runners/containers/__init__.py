"""Commands in, what was seen of them in a container out: the docker runner's parts."""
