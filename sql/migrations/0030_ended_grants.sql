-- jobs.end_grants() says how many there were.
drop function if exists jobs.end_grants();
-- administered_membership() is told whether it is for ending one.
drop function if exists app.administered_membership(bigint);
