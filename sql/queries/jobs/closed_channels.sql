-- Channels whose listeners may not hear any more.
-- => json
-- reads
select jobs.closed_channels()
