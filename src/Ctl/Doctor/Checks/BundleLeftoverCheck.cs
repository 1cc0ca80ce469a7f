namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>Bundles below the daemon's state that belong to no task.</summary>
internal sealed class BundleLeftoverCheck : ICheck
{
    public string Name => "left: bundles";

    public Finding Look(Patient patient)
    {
        if (!patient.Daemon.Answers)
        {
            return Finding.NotLookedFor("bundles without a shim");
        }

        List<string> left = [.. All(patient).Where(bundle => !patient.Daemon.Tasks.ContainsKey(bundle))];
        return left.Count == 0
            ? Finding.Ok("every bundle has a task")
            : Finding.Warning(
                $"nothing runs in these bundles below {patient.Folders.Bundles}: {Finding.Some(left)}",
                "restart shimstackd, which cleans them up");
    }

    /// <summary>"NAMESPACE/ID" of each.</summary>
    public static IEnumerable<string> All(Patient patient) => (patient.Kernel.TryNames(patient.Folders.Bundles) ?? [])
        .SelectMany(space => (patient.Kernel.TryNames($"{patient.Folders.Bundles}/{space}") ?? []).Select(id => $"{space}/{id}"));
}
