-- Publishes articles whose time has come, and takes back those whose time is over: how many.
-- => text
-- writes
select jobs.publish_due()::text
