-- The operator's command line has functions of its own.
create schema operator authorization sportello_owner;
