using ShimStack.Ctl.Kernel;
using ShimStack.Ctl.Shims;

namespace ShimStack.Ctl.Doctor.Checks;

/// <summary>Shims of this daemon whose container it does not know.</summary>
internal sealed class ShimLeftoverCheck : ICheck
{
    public string Name => "left: shims";

    public Finding Look(Patient patient)
    {
        if (!patient.Daemon.Answers)
        {
            return Finding.NotLookedFor("shims that no daemon knows");
        }

        HashSet<int> parents = [.. patient.Daemon.Tasks.Values.Select(pid => KernelProcess.TryRead(patient.Kernel, pid)?.Parent ?? 0)];
        List<string> unknown = [];
        int count = 0;
        foreach (int pid in patient.Kernel.Pids())
        {
            string[] words = patient.Kernel.CommandLine(pid);
            if (ShimAddresses.Flag(words, "-address") != patient.Address || ShimAddresses.Flag(words, "-namespace") is not string space
                || ShimAddresses.Flag(words, "-id") is not string id || words[^1] is "start" or "delete")
            {
                continue;
            }

            count++;
            if (!patient.Daemon.Tasks.ContainsKey($"{space}/{id}") && !parents.Contains(pid))
            {
                unknown.Add($"pid {pid} ({space}/{id})");
            }
        }

        return unknown.Count == 0
            ? Finding.Ok($"every shim of the daemon has a container that it knows ({count})")
            : Finding.Warning(
                $"the daemon does not know the containers of these shims: {Finding.Some(unknown)}",
                "see what they do by kill -USR1, and end them by kill -KILL if nothing needs them");
    }
}
