-- Clocks can be worked out for a table or a calendar that nobody has saved.
set role sportello_owner;
create type app.what_if as (body jsonb, calendar bigint, version int, opens timestamptz[], closes timestamptz[], before bigint[]);
drop function if exists app.counted_seconds(app.ticket_clocks, timestamptz, timestamptz);
drop function if exists app.counted_until(app.ticket_clocks, timestamptz, bigint);
drop function if exists app.clock_promised(app.ticket_clocks, bigint, smallint, timestamptz);
drop function if exists app.clock_warning(app.ticket_clocks);
drop function if exists app.clock_run(app.ticket_clocks, timestamptz, boolean);
drop function if exists app.clock_halt(app.ticket_clocks, timestamptz, smallint);
drop function if exists app.clock_retarget(app.ticket_clocks, bigint, smallint, timestamptz);
drop function if exists app.clock_follow(app.ticket_clocks, smallint, timestamptz);
drop function if exists app.clock_begin(app.tickets, smallint, smallint, smallint, timestamptz);
drop function if exists app.fold_clocks(app.tickets, boolean);
reset role;
