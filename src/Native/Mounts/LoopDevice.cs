using ShimStack.Native.Files;

namespace ShimStack.Native.Mounts;

/// <summary>Files as block devices. See loop(4).</summary>
public static unsafe class LoopDevice
{
    // Each try may lose its device to somebody who asked at the same time.
    private const int MaxAttempts = 64;

    /// <summary>
    /// Makes a free loop device of a file. It is detached by the kernel after the returned descriptor and the last mount of it are gone.
    /// EBUSY after 64 lost races. See loop(4), LOOP_CONFIGURE, LO_FLAGS_AUTOCLEAR.
    /// </summary>
    public static FileDescriptor Attach(string backingFile, bool readOnly, bool directIo, out string devicePath)
    {
        OpenFlags access = readOnly ? OpenFlags.O_RDONLY : OpenFlags.O_RDWR;
        using FileDescriptor file = Native.Files.Files.Open(backingFile, access);
        using FileDescriptor control = Native.Files.Files.Open("/dev/loop-control", OpenFlags.O_RDWR);
        LoopConfiguration configuration = new()
        {
            BackingFile = file.Number,
            Flags = LoopConfiguration.LO_FLAGS_AUTOCLEAR
                | (readOnly ? LoopConfiguration.LO_FLAGS_READ_ONLY : 0)
                | (directIo ? LoopConfiguration.LO_FLAGS_DIRECT_IO : 0),
        };
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            int number = Syscall.Check(LinuxCalls.ioctl(control, LinuxCalls.LOOP_CTL_GET_FREE, 0), "LOOP_CTL_GET_FREE");
            devicePath = $"/dev/loop{number}";
            FileDescriptor device = Native.Files.Files.Open(devicePath, access);
            if (TryConfigure(device, &configuration, out Errno errno))
            {
                return device;
            }

            device.Dispose();
            if (errno != Errno.EBUSY)
            {
                throw new SyscallException("ioctl", errno, $"LOOP_CONFIGURE {devicePath} {backingFile}");
            }
        }

        throw new SyscallException("ioctl", Errno.EBUSY, $"LOOP_CONFIGURE {backingFile}");
    }

    private static bool TryConfigure(FileDescriptor device, LoopConfiguration* configuration, out Errno errno)
    {
        int result = LinuxCalls.ioctl(device, LinuxCalls.LOOP_CONFIGURE, configuration);
        errno = result == 0 ? Errno.None : Syscall.LastErrno;
        return result == 0;
    }
}
