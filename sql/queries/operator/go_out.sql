-- Ends that.
-- => void
-- writes
-- :token_hash made bytea
select operator.go_out(:'token_hash')
