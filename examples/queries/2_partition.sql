-- One quarter, by payment: year and month are not in the files, they come from the names of the folders.
SELECT year, month, coalesce(payment, 'not known') AS payment, count(*) AS orders, sum(quantity) AS bags
FROM orders
WHERE year = 2025 AND month <= 3
GROUP BY ALL
ORDER BY month, orders DESC;
