using System.Globalization;

namespace ShimStack.Supervisor.Hosting;

/// <summary>The group of the socket, by name or number. See group(5).</summary>
internal static class SocketGroup
{
    private const string GroupFile = "/etc/group";

    /// <summary>Its number; null for no group.</summary>
    /// <exception cref="StartupException">There is no such group.</exception>
    public static uint? Find(string? group)
    {
        if (string.IsNullOrEmpty(group))
        {
            return null;
        }

        if (uint.TryParse(group, CultureInfo.InvariantCulture, out uint number))
        {
            return number;
        }

        foreach (string line in File.ReadLines(GroupFile))
        {
            string[] fields = line.Split(':');
            if (fields.Length > 2 && fields[0] == group && uint.TryParse(fields[2], CultureInfo.InvariantCulture, out number))
            {
                return number;
            }
        }

        throw new StartupException($"group {group} of the socket is not in {GroupFile}");
    }
}
