using System.Globalization;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;

namespace ShimStack.Supervisor.Hosting;

/// <summary>What the service manager has kept for us, and starts us with. See sd_listen_fds(3).</summary>
internal static class StoredDescriptors
{
    private const string CountVariable = "LISTEN_FDS";
    private const string ProcessVariable = "LISTEN_PID";
    private const string NamesVariable = "LISTEN_FDNAMES";
    private const int First = 3;

    /// <summary>Takes them over, marked close-on-exec; what the environment says of them is removed.</summary>
    /// <param name="areOurs">False: they were another build's, which had this process and this environment before.</param>
    public static List<(string Name, FileDescriptor Descriptor)> Take(bool areOurs)
    {
        string? count = Remove(CountVariable), process = Remove(ProcessVariable);
        string[] names = (Remove(NamesVariable) ?? "").Split(':');
        List<(string, FileDescriptor)> taken = [];
        if (areOurs && process == CurrentProcess.Id.ToString(CultureInfo.InvariantCulture) && int.TryParse(count, CultureInfo.InvariantCulture, out int number))
        {
            for (int i = 0; i < number; i++)
            {
                FileDescriptor descriptor = FileDescriptor.Take(First + i);
                Files.SetInherited(descriptor, false);
                taken.Add((i < names.Length ? names[i] : "", descriptor));
            }
        }

        return taken;
    }

    private static string? Remove(string name)
    {
        string? value = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, null);
        return value;
    }
}
