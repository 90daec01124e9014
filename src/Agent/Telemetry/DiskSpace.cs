// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Telemetry;

/// <summary>The room of the disk that a path is on.</summary>
/// <param name="FreeBytes">What programs may still write.</param>
/// <param name="SizeBytes">All of it.</param>
internal sealed record DiskSpace(long FreeBytes, long SizeBytes)
{
    /// <summary>Null when it cannot be found out.</summary>
    public static DiskSpace? At(string path)
    {
        try
        {
            // A path that does not exist is not asked for: the disk of its nearest parent would be another one's.
            if (!Directory.Exists(path)) return null;
            var drive = new DriveInfo(path);
            return new DiskSpace(drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
