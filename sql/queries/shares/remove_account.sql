-- Shows it to the account as a whole no more. Twice is once.
-- => json
-- writes
-- :number path bigint
-- :account path bigint
select app.unshare_account(:'number', :'account')
