using System.Globalization;

namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>
/// The kernel is young enough: pidfd_open came with 5.3, close_range with 5.9, idmapped mounts with 5.12. See each one's man page, HISTORY.
/// </summary>
internal sealed class KernelCheck : ICheck
{
    private static readonly (int, int) Least = (5, 3);
    private static readonly (int, int) Wanted = (5, 12);

    public string Name => "kernel";

    public Finding Look(Patient patient)
    {
        string release = patient.Kernel.TryText("/proc/sys/kernel/osrelease") ?? "";
        string[] parts = release.Split('.', '-', '+');
        if (parts.Length < 2 || !Number(parts[0], out int major) || !Number(parts[1], out int minor))
        {
            return Finding.Warning(
                $"the kernel calls itself '{release}', which is no version",
                "look by uname -r whether it is 5.3 or newer");
        }

        return (major, minor).CompareTo(Least) < 0 ? Finding.Failure(
            $"Linux {release} has no pidfd_open, by which processes are held on to",
            "run a kernel from 5.3 on")
            : (major, minor).CompareTo(Wanted) < 0 ? Finding.Warning(
                $"Linux {release} lacks close_range or idmapped mounts, which newer runtimes and user namespaces use",
                "run a kernel from 5.12 on")
            : Finding.Ok($"Linux {release}");
    }

    private static bool Number(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
