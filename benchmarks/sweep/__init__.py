"""The terrain sweep against GDAL, GRASS and itself."""
