namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>Mounts below bundles that belong to no task.</summary>
internal sealed class MountLeftoverCheck : ICheck
{
    public string Name => "left: mounts";

    public Finding Look(Patient patient)
    {
        if (!patient.Daemon.Answers)
        {
            return Finding.NotLookedFor("mounts of containers that are gone");
        }

        string above = patient.Folders.Bundles + "/";
        List<string> left = [.. patient.Kernel.Lines("/proc/self/mounts").Select(line => line.Split(' ')[1])
            .Where(path => path.StartsWith(above, StringComparison.Ordinal) && !patient.Daemon.Tasks.ContainsKey(Owner(path[above.Length..])))];
        return left.Count == 0
            ? Finding.Ok("every mount below a bundle has a task")
            : Finding.Warning($"these mounts are of no task: {Finding.Some(left)}", $"umount {left[0]}");
    }

    private static string Owner(string below) => string.Join('/', below.Split('/').Take(2));
}
