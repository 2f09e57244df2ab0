"""The `linli` command. Everything heavy is imported inside the command that needs it: `--help` must come at once."""

import typer

from bot.cli import db, demo, desk, faq, gaps, privacy, run, staff, telegram, trials

app = typer.Typer(
    name="linli",
    help="Linli 邻里: a bilingual community helpdesk. · 双语社区服务台。",
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(run.serve)
app.command()(run.chat)
app.command()(demo.demo)
app.command()(desk.ask)
app.command()(desk.replay)
app.command()(privacy.retain)
app.command()(privacy.breach)
app.command()(privacy.mydata)
app.command()(privacy.forget)
faq.app.command("test")(trials.examine)
faq.app.command()(trials.dry_run)
faq.app.command()(gaps.gaps)
app.add_typer(faq.app, name="faq")
app.add_typer(staff.app, name="staff")
app.add_typer(db.app, name="db")
app.add_typer(telegram.app, name="telegram")


@app.callback(invoke_without_command=True)
def state(context: typer.Context) -> None:
    """Without a command: how things stand and what to do next."""
    if context.invoked_subcommand is None:
        run.state()


def main() -> None:
    """The entry point of `linli` and `python -m bot`."""
    app()
