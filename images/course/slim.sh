#!/bin/sh
# Takes out what nothing runs, and what must not run. Each path has to be there: when a new version
# of a package has moved it, the build stops here and not in front of a class.
set -eu
cd /opt/course/lib/python3.11/site-packages

# Anybody's link could ask this page to put any repository anywhere in a home; course_server
# uses nbgitpuller's Python interface with one repository and one folder.
rm /opt/course/etc/jupyter/jupyter_server_config.d/nbgitpuller.json
# The same wish in the words of the old Notebook, which notebook_shim passes on.
rm /opt/course/etc/jupyter/jupyter_notebook_config.d/nbgitpuller.json

# For compiling against PyTorch, and programs that test it. One program is part of PyTorch itself.
find torch/bin -type f ! -name torch_shm_manager -delete
rm -r torch/include torch/share/cmake torch/test

# Names of functions that only a debugger reads: 200 MB in these three libraries.
strip --strip-unneeded torch/lib/libtorch_cpu.so torch/lib/libtorch_python.so jaxlib/libjax_common.so

# A second copy of the files in share/jupyter/lab/static, for JupyterLab's own developers.
rm -r jupyterlab/static

# Tests of the packages themselves.
find . -type d -name tests -prune -exec rm -r {} +

# Written in the syntax of Python 3.12, which this Python cannot compile.
rm torch/testing/_internal/py312_intrinsics.py

# What is left still works.
/opt/course/bin/python -B -c 'import jax.numpy, matplotlib.pyplot, nbgitpuller, pandas, scipy, sklearn, torch'
