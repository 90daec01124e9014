// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Api;
using Google.Protobuf.Reflection;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Api;

/// <summary>Every method of the contract and every kind of caller, against the table below. A new method must be entered here.</summary>
public sealed class MethodPolicyTests
{
    // anonymous, node, manager, operator, expired node: y may, - may not
    private const string Table = """
        AgentApi/Session            - y y - -
        AgentApi/UploadLogs         - y y - -
        ClusterApi/Adopt            - - y y -
        ClusterApi/Diagnose         - - y y -
        ClusterApi/Status           - y y y -
        ClusterApi/Strays           - - y y -
        Enrollment/Join             y y y y y
        Enrollment/ManagerSecrets   - - y - -
        Enrollment/Renew            - y y - y
        ImageApi/Logins             - - y y -
        ImageApi/Look               - - y y -
        ImageApi/Pin                - - y y -
        ImageApi/Pins               - - y y -
        ImageApi/PutLogin           - - y y -
        ImageApi/RemoveLogin        - - y y -
        ImageApi/Tags               - - y y -
        ImageApi/Unpin              - - y y -
        NodeApi/ConfirmLoss         - - y y -
        NodeApi/Get                 - y y y -
        NodeApi/List                - - y y -
        NodeApi/Remove              - - y y -
        NodeApi/Update              - - y y -
        ServiceApi/Apply            - - y y -
        ServiceApi/ControlRollout   - - y y -
        ServiceApi/Explain          - - y y -
        ServiceApi/Get              - - y y -
        ServiceApi/History          - - y y -
        ServiceApi/List             - - y y -
        ServiceApi/Logs             - - y y -
        ServiceApi/Remove           - - y y -
        ServiceApi/Rollback         - - y y -
        ServiceApi/Scale            - - y y -
        ServiceApi/Watch            - - y y -
        StackApi/Deploy             - - y y -
        StackApi/History            - - y y -
        StackApi/List               - - y y -
        StackApi/Remove             - - y y -
        StackApi/Rollback           - - y y -
        TokenApi/Create             - - y y -
        TokenApi/List               - - y y -
        TokenApi/Revoke             - - y y -
        """;

    private static readonly CallerIdentity[] Callers =
    [
        new(null, "", "anonymous", false, false),
        new(PeerRole.Node, "n", "node n", false, false),
        new(PeerRole.Manager, "m", "manager m", false, false),
        new(PeerRole.Operator, "o", "operator o", false, false),
        new(PeerRole.Node, "n", "node n", true, false),
    ];

    [Fact]
    public void Every_method_is_open_to_those_in_the_table_and_to_nobody_else()
    {
        var now = Methods().Select(method => $"{method,-27} {string.Join(' ', Callers.Select(caller => May(method, caller)))}");
        Assert.Equal(Table.Split('\n').Select(line => line.TrimEnd()), now);
    }

    [Theory]
    [InlineData("/clustermanager.v1.ServiceApi")]
    [InlineData("/clustermanager.v2.ServiceApi/Apply")]
    [InlineData("/clustermanager.v1.Other/Apply")]
    [InlineData("Apply")]
    [InlineData("")]
    public void What_is_not_listed_is_refused(string method)
    {
        foreach (var caller in Callers) Assert.NotNull(MethodPolicy.Refuse(method, caller));
    }

    [Fact]
    public void An_expired_operator_or_manager_gets_nothing_but_a_manager_its_renewal()
    {
        var expired = new CallerIdentity(PeerRole.Operator, "o", "operator o", true, false);
        foreach (var method in Methods().Where(method => method != "Enrollment/Join")) Assert.Equal("-", May(method, expired));
        Assert.Equal("y", May("Enrollment/Renew", expired with { Role = PeerRole.Manager }));
    }

    private static IEnumerable<string> Methods()
    {
        FileDescriptor[] files =
        [
            V1.AgentReflection.Descriptor, V1.ControlReflection.Descriptor, V1.EnrollmentReflection.Descriptor,
            V1.ImageReflection.Descriptor,
        ];
        return files.SelectMany(file => file.Services).SelectMany(service => service.Methods)
            .Select(method => $"{method.Service.Name}/{method.Name}").Order(StringComparer.Ordinal);
    }

    private static string May(string method, CallerIdentity caller) =>
        MethodPolicy.Refuse("/clustermanager.v1." + method, caller) is null ? "y" : "-";
}
