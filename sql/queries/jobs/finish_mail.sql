-- How a mail went: state 1 again after a wait, 2 sent, 3 given up.
-- => void
-- writes
-- :tenant job bigint
-- :delivery job bigint
-- :state job smallint
-- :answer job text
-- :wait job interval
-- :counts job boolean
select jobs.finish_mail(:'tenant', :'delivery', :'state', :'answer', :'wait', :'counts')
