using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Native.Sockets;

namespace ShimStack.Supervisor.Hosting;

/// <summary>Who has started us and wants to know how we are: systemd, or nobody. See sd_notify(3) and sd_watchdog_enabled(3).</summary>
/// <param name="socket">Where it listens; null for nobody. "@" begins an abstract name.</param>
/// <param name="watchdog">How long it waits for a sign of life; null for ever.</param>
/// <param name="stored">The descriptors that it has kept for us, by name.</param>
internal sealed class ServiceManager(string? socket, TimeSpan? watchdog, IReadOnlyList<(string Name, FileDescriptor Descriptor)>? stored = null)
{
    private const string SocketVariable = "NOTIFY_SOCKET";
    private const string TimeVariable = "WATCHDOG_USEC";
    private const string ProcessVariable = "WATCHDOG_PID";

    /// <summary>How long it waits for a sign of life; null for ever.</summary>
    public TimeSpan? Watchdog => socket is null ? null : watchdog;

    /// <summary>The descriptors that it has kept for us, by name; who takes them owns them. See sd_listen_fds(3).</summary>
    public IReadOnlyList<(string Name, FileDescriptor Descriptor)> Stored => stored ?? [];

    /// <summary>It keeps descriptors for us, if it was told to in our unit.</summary>
    public bool CanStore => socket is { Length: > 0 } && socket[0] == '/';

    /// <summary>Takes what the environment says out of it: a shim is not to speak in our name.</summary>
    /// <param name="isFirst">False for a build that takes the place of another in the process: that one has taken the descriptors.</param>
    public static ServiceManager FromEnvironment(bool isFirst = true)
    {
        List<(string, FileDescriptor)> stored = StoredDescriptors.Take(isFirst);
        string? time = Take(TimeVariable);
        string? pid = Take(ProcessVariable);
        bool isOurs = pid is null || pid == CurrentProcess.Id.ToString(CultureInfo.InvariantCulture);
        bool isTime = long.TryParse(time, CultureInfo.InvariantCulture, out long microseconds) && microseconds > 0;
        return new ServiceManager(Take(SocketVariable), isOurs && isTime ? TimeSpan.FromMicroseconds(microseconds) : null, stored);
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

    /// <summary>
    /// Gives it a duplicate of a descriptor, to be handed to the next of us under <paramref name="name"/>. It is not to look whether the other end of
    /// it has closed. See sd_notify(3), FDSTORE, FDPOLL.
    /// </summary>
    /// <exception cref="SyscallException">It cannot be given.</exception>
    public void Store(string name, FileDescriptor descriptor)
    {
        using FileDescriptor sender = PacketSocket.ConnectDatagram(socket!);
        IoResult sent = PacketSocket.Send(sender, Encoding.UTF8.GetBytes($"FDSTORE=1\nFDPOLL=0\nFDNAME={name}"), [descriptor]);
        if (!sent.IsOk)
        {
            throw new SyscallException("sendmsg", sent.Errno, socket);
        }
    }

    /// <summary>Lets it close all that it has of a name. See sd_notify(3), FDSTOREREMOVE.</summary>
    public void RemoveStored(string name) => Notify($"FDSTOREREMOVE=1\nFDNAME={name}");

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
