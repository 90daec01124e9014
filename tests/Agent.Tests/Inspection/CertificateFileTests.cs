// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Inspection;
using ClusterManager.Hosting.Security;

namespace ClusterManager.Agent.Tests.Inspection;

/// <summary>When a certificate on disk ends.</summary>
public sealed class CertificateFileTests
{
    [Fact]
    public async Task A_certificate_beside_its_key_says_when_it_ends_and_anything_else_nothing()
    {
        var directory = Directory.CreateTempSubdirectory("cm-certificate-");
        try
        {
            var cluster = new string('1', 32);
            using var authority = ClusterCertificateAuthority.Create(cluster, TimeProvider.System);
            using var pair = authority.IssueWithKey(new PeerIdentity(PeerRole.Node, new string('2', 32), cluster), []);
            var path = Path.Combine(directory.FullName, "node.pem");
            await pair.SaveAsync(path, CancellationToken.None);
            Assert.Equal(pair.Certificate.NotAfter, CertificateFile.EndOf(path));
            Assert.Null(CertificateFile.EndOf(path + ".missing"));
            await File.WriteAllTextAsync(path, "no certificate");
            Assert.Null(CertificateFile.EndOf(path));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
