-- What a look at a name found; no proofs at all: nobody answered.
-- => void
-- writes
-- :name job text
-- :proofs job text?
select jobs.host_checked(:'name', :'proofs')
