using Google.Protobuf;
using ShimStack.Api.Parking;
using ShimStack.Native;
using ShimStack.Supervisor.Upgrade;

namespace ShimStack.Supervisor.Parking;

/// <summary>
/// How what shims have left gets from one build to the next in the same process: a mailbox for each shim. Shims that live leave it again anyway; this
/// is for those that die in between.
/// </summary>
internal sealed class ParkedHandOver(ParkedShims shims, ILogger<ParkedHandOver> logger)
{
    private const string Prefix = "parked ";

    /// <summary>Keeps everything for the build that comes next, in the place of what was kept before.</summary>
    public void Leave(KeptDescriptors kept)
    {
        kept.Drop(Prefix);
        foreach (ParkedShim shim in shims.All())
        {
            try
            {
                (FileDescriptor ours, FileDescriptor theirs) = Mailbox.Fill(shims.ContentOf(shim));
                using (ours)
                using (theirs)
                {
                    kept.Keep(Prefix + shim.Socket, theirs);
                }
            }
            catch (SyscallException e)
            {
                logger.NotHandedOn(e.Message); // it dies with its shim, as it would without us
            }
        }
    }

    /// <summary>Takes what the build before has left, and keeps it until we serve: that build may have to come back.</summary>
    public void Take(KeptDescriptors kept)
    {
        int count = 0;
        foreach (FileDescriptor mailbox in kept.ClaimAll(Prefix))
        {
            count += TryTake(mailbox) ? 1 : 0;
        }

        if (count > 0)
        {
            logger.HandedOn(count);
            Leave(kept);
        }
    }

    /// <summary>Nobody comes back any more.</summary>
    public static void Settle(KeptDescriptors kept) => kept.Drop(Prefix);

    /// <summary>Takes what one shim has left.</summary>
    public bool TryTake(FileDescriptor mailbox)
    {
        try
        {
            List<(ParkingMessage Message, IReadOnlyList<FileDescriptor> Descriptors)> content = Mailbox.Empty(mailbox);
            if (content is not [({ Kind: ParkingMessage.Types.Kind.Hello, Pid: > 0 } hello, _), ..])
            {
                return false;
            }

            ParkedShim shim = shims.Connected(hello, (int)hello.Pid, null);
            foreach ((ParkingMessage message, IReadOnlyList<FileDescriptor> descriptors) in content.Skip(1))
            {
                shims.Take(shim, message, descriptors);
            }

            return true;
        }
        catch (Exception e) when (e is SyscallException or InvalidProtocolBufferException)
        {
            logger.NotHandedOn(e.Message);
            return false;
        }
    }
}
