-- Who would lose access if a person's, or an account's, share were removed.
-- => json
-- reads
-- :number path bigint
-- :person query bigint?
-- :account query bigint?
select app.who_loses(:'number', :'person', :'account')
