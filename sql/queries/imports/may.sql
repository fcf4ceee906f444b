-- Whether the asker takes in knowledge bases, before what comes is read.
-- => void
-- reads
select app.must_import()
