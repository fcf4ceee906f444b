-- Changes answers of a ticket, its type and its priority, as policies let one;
-- null: none any more.
-- => json
-- writes
-- :number path bigint
-- :fields body jsonb 0..65536b
select app.change_answers(:'number', :'fields')
