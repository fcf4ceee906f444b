-- Changes answers of a ticket, its type and its priority, as policies let one;
-- null: none any more. was: what one took these for; where somebody else has made
-- something else of one since, nothing is changed.
-- => json
-- writes
-- :number path bigint
-- :fields body jsonb 0..65536b
-- :was body jsonb? 0..65536b
select app.change_answers(:'number', :'fields', :'was')
