-- How a message went: state 1 again after a wait, 2 taken, 3 given up.
-- => void
-- writes
-- :tenant job bigint
-- :delivery job bigint
-- :state job smallint
-- :status job int
-- :answer job text
-- :wait job interval
select jobs.finish_webhook(:'tenant', :'delivery', :'state', :'status', :'answer', :'wait')
