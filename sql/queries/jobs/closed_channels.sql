-- Channels whose listeners may not hear any more.
-- => json
-- writes
select jobs.take_closed_channels()
