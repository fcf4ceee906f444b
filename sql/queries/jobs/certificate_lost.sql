-- A certificate whose file is gone.
-- => void
-- writes
-- :host job text
select jobs.certificate_lost(:'host')
