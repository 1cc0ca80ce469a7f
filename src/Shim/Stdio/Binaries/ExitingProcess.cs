using System.Globalization;
using System.Text;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Stdio.Binaries;

/// <summary>
/// Tells a child that is on its way out from one that has only closed a descriptor. The kernel marks a process before it closes its
/// files, and tells the parent after that: whoever sees an end of file in between would take a death for a choice.
/// </summary>
internal static class ExitingProcess
{
    private const uint PF_EXITING = 4;
    private const int FlagsAfterName = 6;

    /// <summary>Whether the child <paramref name="pid"/>, which is not reaped yet, has begun to end. See proc_pid_stat(5), flags.</summary>
    public static bool Is(int pid)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat");
        string stat = Encoding.UTF8.GetString(SmallFile.TryReadAll(path) ?? []);

        // The name in brackets may hold anything, so the fields are counted from its last bracket.
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length <= FlagsAfterName || (uint.Parse(fields[FlagsAfterName], CultureInfo.InvariantCulture) & PF_EXITING) != 0;
    }
}
