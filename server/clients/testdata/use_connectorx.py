import connectorx as cx
from common import URL

for protocol in ("binary", "csv", "cursor"):
    print(cx.read_sql(URL, "SELECT order_id, ordered_at, payment, unit_price FROM orders ORDER BY 1 LIMIT 3", protocol=protocol))
print(cx.read_sql(URL, "SELECT order_id, quantity FROM orders", partition_on="order_id", partition_num=3).sum().to_dict())
