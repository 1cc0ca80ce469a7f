using System.CommandLine;
using ShimStack.Ctl.Doctor;
using ShimStack.Ctl.Kernel;
using ShimStack.Ctl.Output;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl doctor`: what is wrong with a machine, and what to do about it. Changes nothing.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        Command command = new("doctor", "Checks this machine: kernel, runtimes, daemon, permissions, leftovers");
        command.SetAction(async (result, cancellation) =>
        {
            using CommandScope scope = GlobalOptions.Scope(result, cancellation);
            IReadOnlyList<(ICheck Check, Finding Finding)> findings = Examination.Of(await PatientAsync(scope));
            Show(scope.Screen, findings);
            return (int)(findings.Any(found => found.Finding.Verdict == Verdict.Failure) ? ExitCode.Failed : ExitCode.Ok);
        });
        return command;
    }

    private static async Task<Patient> PatientAsync(CommandScope scope)
    {
        DaemonFacts daemon = await DaemonFacts.AskAsync(scope.Client, scope.Cancellation);
        KernelFiles kernel = new();
        return new Patient
        {
            Kernel = kernel,
            Address = scope.Client.Address,
            Daemon = daemon,
            Folders = DaemonFolders.Of(kernel, daemon.Pid),
            SearchPath = SearchPath(kernel, daemon.Pid),
            Version = CtlVersion.Text,
        };
    }

    // Programs are looked for by the daemon: beside its own, then in its PATH.
    private static string SearchPath(KernelFiles kernel, int? daemon)
    {
        const string Variable = "PATH=";
        string? own = Environment.GetEnvironmentVariable("PATH");
        if (daemon is not int pid)
        {
            return own ?? "";
        }

        string? beside = Path.GetDirectoryName(kernel.TryLink($"/proc/{pid}/exe"));
        string? path = kernel.TryText($"/proc/{pid}/environ")?.Split('\0')
            .FirstOrDefault(variable => variable.StartsWith(Variable, StringComparison.Ordinal))?[Variable.Length..];
        return string.Join(':', ((string?[])[beside, path ?? own]).Where(part => !string.IsNullOrEmpty(part)));
    }

    private static void Show(Screen screen, IReadOnlyList<(ICheck Check, Finding Finding)> findings)
    {
        if (screen.IsJson)
        {
            Screen.Json(writer => Report.Write(writer, findings));
            return;
        }

        Screen.Table(Report.Table(findings));
        Screen.Line(Report.Summary(findings));
    }
}
