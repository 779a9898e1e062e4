"""The worker process. Run as `python -m worker`."""

if __name__ == "__main__":
    # Imported here: each process that makes PDFs imports this file once more, and needs nothing of the worker.
    from application.run_worker import run_worker
    from application.runtime import process_exit

    process_exit.run(run_worker)
