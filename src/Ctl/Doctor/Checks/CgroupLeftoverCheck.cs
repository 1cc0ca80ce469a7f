using ShimStack.Ctl.Kernel;

namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>Cgroups where shimctl puts those of containers (/NAMESPACE/ID), of containers that the daemon does not know.</summary>
internal sealed class CgroupLeftoverCheck : ICheck
{
    public string Name => "left: cgroups";

    public Finding Look(Patient patient)
    {
        if (!patient.Daemon.Answers)
        {
            return Finding.NotLookedFor("cgroups of containers that are gone");
        }

        CgroupMounts mounts = CgroupMounts.Read(patient.Kernel);
        IEnumerable<string> roots = mounts.Controllers.Values.Append(mounts.Unified).OfType<string>().Distinct();
        List<string> left = [.. roots.SelectMany(root => patient.Daemon.Namespaces.SelectMany(space => Unknown(patient, root, space)))];
        return left.Count == 0
            ? Finding.Ok("every cgroup below a namespace's has a container")
            : Finding.Warning(
                $"these cgroups are of no container: {Finding.Some(left)}",
                $"rmdir {left[0]}, once its cgroup.procs is empty");
    }

    private static IEnumerable<string> Unknown(Patient patient, string root, string space) => (patient.Kernel.TryNames($"{root}/{space}") ?? [])
        .Where(id => patient.Kernel.Exists($"{root}/{space}/{id}/cgroup.procs") && !patient.Daemon.Containers.Contains($"{space}/{id}"))
        .Select(id => $"{root}/{space}/{id}");
}
