// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterManager.Agent.Inspection;

/// <summary>A certificate on disk.</summary>
internal static class CertificateFile
{
    /// <summary>When it ends; null: there is none, or it is not readable.</summary>
    public static DateTime? EndOf(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(path));
            return certificate.NotAfter;
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
