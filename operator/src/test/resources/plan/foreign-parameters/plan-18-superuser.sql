-- ledger
ALTER DATABASE "shop_orders" RESET "app.tenant";
ALTER DATABASE "shop_orders" RESET "log_statement";
SET LOCAL ROLE "shop_orders_database";
SELECT CASE WHEN current_user <> 'shop_orders_database' THEN ('howdah: current_user is ' || current_user)::int END;
ALTER DATABASE "shop_orders" RESET "statement_timeout";
ALTER DATABASE "shop_orders" SET "work_mem" TO '32MB';
SET LOCAL ROLE NONE;
SELECT CASE WHEN current_user <> 'postgres' THEN ('howdah: current_user is ' || current_user)::int END;
