using System.Globalization;

namespace ShimStack.Supervisor.Hosting;

/// <summary>
/// What comes in by a socket is looked at by the thread that waits for it (two, or one with one processor), and not by one of the pool that it would have to
/// wake: on a busy daemon a tenth more events a second. What it is given to do must not block: calls of clients, and what follows from an answer or the end
/// of a shim, go on in the pool. The exception is a line for the log, where stderr may be slow. The framework has only variables for it. See
/// SocketTransportOptions.UnsafePreferInlineScheduling of ASP.NET Core.
/// </summary>
internal static class SocketThreads
{
    private const string Inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string Count = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>One is a twentieth slower; the framework would have one for each processor.</summary>
    private const int MostThreads = 2;

    /// <summary>What is set here; not for children.</summary>
    public static IReadOnlyList<string> Variables { get; } = [Inline, Count];

    /// <summary>Sets it up, before the first socket is used; what the environment has wins.</summary>
    public static void Prepare()
    {
        SetUnlessSet(Inline, "1");
        SetUnlessSet(Count, Math.Min(MostThreads, Environment.ProcessorCount).ToString(CultureInfo.InvariantCulture));
    }

    private static void SetUnlessSet(string variable, string value)
    {
        if (Environment.GetEnvironmentVariable(variable) is null)
        {
            Environment.SetEnvironmentVariable(variable, value);
        }
    }
}
