-- All files of a ticket, whoever brought them: those that one may see, the newest 500.
-- => json
-- reads
-- :number path bigint
select app.all_files(:'number')
