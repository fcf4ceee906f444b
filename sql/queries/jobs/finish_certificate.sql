-- Until when it is good, or why there is none.
-- => void
-- writes
-- :tenant job bigint
-- :claim job bigint
-- :ends job bigint?
-- :answer job text?
select jobs.finish_certificate(:'tenant', :'claim', :'ends', :'answer')
