-- Who changes a ticket's answers says what they took them for.
set role sportello_owner;
drop function if exists app.change_answers(bigint, jsonb);
reset role;
