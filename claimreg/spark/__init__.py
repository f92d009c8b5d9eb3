"""A scan's blocks worked on by a Spark cluster; nothing here imports pyspark before it is used, import the modules themselves."""
