"""Pipelines in containers. The only package that speaks to Docker.

launcher.py starts, stops and hears one, images.py makes the image of a pipeline that brings none, engine.py is the line
to the daemon.
"""
