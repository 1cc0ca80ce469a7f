using System.Globalization;

namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>What a process may have is enough for many containers. See getrlimit(2), proc_sys_kernel(5).</summary>
internal sealed class LimitCheck : ICheck
{
    private const ulong Files = 4096;
    private const ulong Processes = 4096;
    private const ulong Pids = 32768;
    private const int Column = 26; // of the soft limit, see proc_pid_limits(5)

    public string Name => "limits";

    public Finding Look(Patient patient)
    {
        string who = patient.Daemon.Pid is int pid ? pid.ToString(CultureInfo.InvariantCulture) : "self";
        IReadOnlyList<string> lines = patient.Kernel.Lines($"/proc/{who}/limits");
        ulong files = Soft(lines, "Max open files"), processes = Soft(lines, "Max processes");
        ulong pids = patient.Kernel.TryNumber("/proc/sys/kernel/pid_max") ?? ulong.MaxValue;
        string[] low =
        [
            .. files < Files ? [$"{files} open files"] : Array.Empty<string>(),
            .. processes < Processes ? [$"{processes} processes"] : Array.Empty<string>(),
            .. pids < Pids ? [$"pids up to {pids}"] : Array.Empty<string>(),
        ];
        string subject = who == "self" ? "this process" : "the daemon";
        return low.Length > 0
            ? Finding.Warning(
                $"{subject} may have no more than {string.Join(", ", low)}",
                "raise LimitNOFILE= and LimitNPROC= of its unit (ulimit -n, -u), and kernel.pid_max")
            : Finding.Ok($"{subject} may have {Text(files)} open files and {Text(processes)} processes, pids up to {Text(pids)}");
    }

    private static ulong Soft(IEnumerable<string> lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { Length: > Column } line
        && line[Column..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [string first, ..]
        && ulong.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out ulong limit)
            ? limit
            : ulong.MaxValue;

    private static string Text(ulong limit) => limit == ulong.MaxValue ? "any number of" : limit.ToString(CultureInfo.InvariantCulture);
}
