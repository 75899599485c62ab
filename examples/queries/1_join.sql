-- Turnover of each country's shops: a CSV file, a JSON file and a folder of Parquet files in one join.
SELECT s.country, p.roast, sum(o.quantity * o.unit_price) AS turnover
FROM orders AS o
JOIN stores AS s USING (store_id)
JOIN products AS p USING (product_id)
GROUP BY ALL
ORDER BY turnover DESC
LIMIT 8;
