using ShimStack.Ctl.Kernel;

namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>Which cgroups there are, and that what containers are counted and limited by is among them. See cgroups(7).</summary>
internal sealed class CgroupCheck : ICheck
{
    private static readonly string[] InV1 = ["cpu", "memory", "pids", "freezer", "devices"];
    private static readonly string[] InV2 = ["cpu", "memory", "pids"]; // freezer and devices are no controllers there

    public string Name => "cgroups";

    public Finding Look(Patient patient)
    {
        CgroupMounts mounts = CgroupMounts.Read(patient.Kernel);
        if (mounts.Mode == "none")
        {
            return Finding.Failure(
                "no cgroups are mounted, and runtimes want them",
                "mount version 2: mount -t cgroup2 none /sys/fs/cgroup");
        }

        bool isV2 = mounts.Mode == "v2";
        string[] there = isV2
            ? (patient.Kernel.TryText(mounts.Unified + "/cgroup.controllers") ?? "").Split(' ')
            : [.. mounts.Controllers.Keys];
        string[] missing = [.. (isV2 ? InV2 : InV1).Except(there)];
        string what = mounts.Mode switch
        {
            "v2" => "version 2",
            "v1" => "version 1",
            _ => "version 1, with version 2 beside it (hybrid)",
        };
        return missing.Length == 0
            ? Finding.Ok($"{what}, with {string.Join(", ", isV2 ? InV2 : InV1)}")
            : Finding.Warning(
                $"{what} without {string.Join(", ", missing)}, so that containers are not limited by it",
                isV2 ? $"write '{string.Join(' ', missing.Select(name => "+" + name))}' to cgroup.subtree_control of the cgroup above"
                    : "mount it, or leave cgroup_disable= out of the kernel's command line");
    }
}
