using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ShimStack.Native.Processes;

namespace ShimStack.Supervisor.Hosting;

/// <summary>Who has started us and wants to know how we are: systemd, or nobody. See sd_notify(3) and sd_watchdog_enabled(3).</summary>
/// <param name="socket">Where it listens; null for nobody. "@" begins an abstract name.</param>
/// <param name="watchdog">How long it waits for a sign of life; null for ever.</param>
internal sealed class ServiceManager(string? socket, TimeSpan? watchdog)
{
    private const string SocketVariable = "NOTIFY_SOCKET";
    private const string TimeVariable = "WATCHDOG_USEC";
    private const string ProcessVariable = "WATCHDOG_PID";

    /// <summary>How long it waits for a sign of life; null for ever.</summary>
    public TimeSpan? Watchdog => socket is null ? null : watchdog;

    /// <summary>Takes what the environment says out of it: a shim is not to speak in our name.</summary>
    public static ServiceManager FromEnvironment()
    {
        string? time = Take(TimeVariable);
        string? pid = Take(ProcessVariable);
        bool isOurs = pid is null || pid == CurrentProcess.Id.ToString(CultureInfo.InvariantCulture);
        bool isTime = long.TryParse(time, CultureInfo.InvariantCulture, out long microseconds) && microseconds > 0;
        return new ServiceManager(Take(SocketVariable), isOurs && isTime ? TimeSpan.FromMicroseconds(microseconds) : null);
    }

    /// <summary>We serve.</summary>
    public void Ready(string status) => Notify($"READY=1\nSTATUS={status}");

    /// <summary>We end because we were asked to.</summary>
    public void Stopping() => Notify("STOPPING=1");

    /// <summary>Another build takes over; <see cref="Ready"/> follows. See sd_notify(3), RELOADING.</summary>
    public void Reloading(string status)
    {
        long microseconds = Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000); // of CLOCK_MONOTONIC
        Notify(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={microseconds}\nSTATUS={status}"));
    }

    /// <summary>We still serve.</summary>
    public void Alive() => Notify("WATCHDOG=1");

    private static string? Take(string name)
    {
        string? value = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, null);
        return string.IsNullOrEmpty(value) ? null : value;
    }

    private void Notify(string state)
    {
        if (socket is null)
        {
            return;
        }

        try
        {
            using Socket sender = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            sender.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(socket[0] == '@' ? "\0" + socket[1..] : socket));
        }
        catch (SocketException)
        {
            // It has gone, or restarts. What it missed it asks for by killing us, and that we survive.
        }
    }
}
