import os
HOST, PORT = os.environ["TARN_HOST"], os.environ["TARN_PORT"]
DSN = f"host={HOST} port={PORT} user=ann dbname=lake"
URL = f"postgresql://ann@{HOST}:{PORT}/lake"
