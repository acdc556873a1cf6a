"""A bucket whose operations are counted (see zou.platform.metrics)."""

from zou.platform import metrics


class MeasuredBucket:
    """A bucket and the name under which it is counted; what is not counted is the bucket's own."""

    def __init__(self, bucket, name):
        self.bucket, self.name = bucket, name

    def __getattr__(self, name):
        return getattr(self.bucket, name)

    def open(self, key):
        """As the bucket's own."""
        with metrics.storage_operation("get", self.name):
            return self.bucket.open(key)

    def put(self, key, source):
        """As the bucket's own."""
        with metrics.storage_operation("put", self.name):
            size_bytes = self.bucket.put(key, source)
        metrics.storage_bytes("put", self.name, size_bytes)
        return size_bytes

    def exists(self, key):
        """As the bucket's own."""
        with metrics.storage_operation("exists", self.name):
            return self.bucket.exists(key)

    def delete(self, key):
        """As the bucket's own."""
        with metrics.storage_operation("delete", self.name):
            self.bucket.delete(key)
