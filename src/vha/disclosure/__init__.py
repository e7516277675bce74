"""The attack on what is published: what a reader could work out about a number that is withheld."""
